-- Reserve capacity for one attempt at an order (S2). The identity of the hold
-- is (order, basis), so the same call twice grants once.
--
-- KEYS[1]   hold:<order>   hash; live part: seq, claims; open part: basis, epoch, body, open
-- KEYS[2]   open           sorted set: order by time of its open part or verify mark
-- KEYS[3]   epoch          "<id>/<history>"
-- KEYS[4..] slot:<slot>    the counter of each claim, option after option
--
-- ARGV[1]   order
-- ARGV[2]   basis
-- ARGV[3]   history of this connection
-- ARGV[4]   now, milliseconds
-- ARGV[5]   how long a counter outlives its slot, milliseconds
-- ARGV[6..] per option: its claims, "<units> <limit> <end of the slot in seconds> ..."
--           in the order of KEYS, and its body
--
-- Reply: the code of a lanes.Status and what belongs to it
--   {1, i, epoch}     granted: the i-th option, from 1
--   {2, body, epoch}  existing
--   {3}               full
--   {4, seq}          behind
--   {5}               unsettled
--   {6}               rebuild
--
-- Sequences are compared as numbers; they are exact below 2^53.

local hold, open = KEYS[1], KEYS[2]
local basis, now, keep = tonumber(ARGV[2]), tonumber(ARGV[4]), tonumber(ARGV[5])

-- read returns the claims of one option, field by field, and how many.
local function read(text)
  local units, limits, ends, n = {}, {}, {}, 0
  for u, l, e in string.gmatch(text or '', '(%S+) (%S+) (%S+)') do
    n = n + 1
    units[n], limits[n], ends[n] = u, l, e
  end
  return units, limits, ends, n
end

-- One read brings the epoch and the counters of the first option.
local units, limits, ends, n = read(ARGV[6])
local counts = redis.call('MGET', unpack(KEYS, 3, 3 + n))
local epoch = table.remove(counts, 1)

if not epoch or string.match(epoch, '^%d+/(.*)$') ~= ARGV[3] then
  return {6}
end

local part = redis.call('HMGET', hold, 'seq', 'basis', 'epoch')
local seq = tonumber(part[1] or nil)
if seq and seq > basis then
  return {4, seq}
end
if basis > 0 and seq ~= basis then
  return {5}
end
-- An open part of another basis cannot be here: settling this basis took the
-- older ones back, and a younger one needs a younger live part (S3).
if part[2] and tonumber(part[2]) == basis then
  return {2, redis.call('HGET', hold, 'body'), part[3]}
end

-- fit adds the claims of the option at hand to all that is counted, live
-- claims of this very order included (S1, V4). It returns the new counts by
-- slot, or nil.
local function fit(key)
  local after = {}
  for c = 1, n do
    local slot = KEYS[key + c]
    local sum = (after[slot] or counts[c] or 0) + units[c]
    if sum > tonumber(limits[c]) then
      return nil
    end
    after[slot] = sum
  end
  return after
end

-- grant makes the option at hand the open part, without expiry (S4, V11).
local function grant(option, key, body, after)
  local text = {}
  for c = 1, n do
    local slot = KEYS[key + c]
    redis.call('SET', slot, after[slot], 'PX', math.max(ends[c] * 1000 + keep - now, 1))
    text[c] = units[c] .. ' ' .. ends[c] .. ' ' .. slot
  end
  redis.call('HSET', hold, 'basis', ARGV[2], 'epoch', epoch, 'body', body, 'open', table.concat(text, '\n'))
  if seq then
    redis.call('PERSIST', hold)
  end
  redis.call('ZADD', open, now, ARGV[1])
  return {1, option, epoch}
end

local key = 3 -- the one before the option's first
for arg = 6, #ARGV, 2 do
  if arg > 6 then
    units, limits, ends, n = read(ARGV[arg])
    if n > 0 then
      counts = redis.call('MGET', unpack(KEYS, key + 1, key + n))
    end
  end
  local after = fit(key)
  if after then
    return grant((arg - 4) / 2, key, ARGV[arg + 1], after)
  end
  key = key + n
end
return {3}
