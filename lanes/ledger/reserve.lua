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
-- ARGV[6..] per option: number of claims, body; per claim: units, limit, end of the slot in seconds
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

-- One read brings the epoch and the counters of the first option.
local claims = tonumber(ARGV[6] or 0)
local counts = redis.call('MGET', unpack(KEYS, 3, 3 + claims))
local skip, epoch = 1, counts[1]

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

-- fits adds the claims of one option to what is counted, live claims of this
-- very order included (S1, V4). It returns the new counts, or nil.
local function fits(key, arg)
  local after = {}
  for c = 1, claims do
    local slot = KEYS[key + c - 1]
    local sum = (after[slot] or tonumber(counts[skip + c] or 0)) + tonumber(ARGV[arg])
    if sum > tonumber(ARGV[arg + 1]) then
      return nil
    end
    after[slot] = sum
    arg = arg + 3
  end
  return after
end

-- grant makes one option the open part. No expiry on it (S4, V11).
local function grant(option, key, arg, after)
  local text = {}
  for c = 1, claims do
    local slot, a = KEYS[key + c - 1], arg + 2 + 3 * (c - 1)
    local ttl = math.max(tonumber(ARGV[a + 2]) * 1000 + keep - now, 1)
    redis.call('SET', slot, after[slot], 'PX', ttl)
    text[c] = ARGV[a] .. ' ' .. ARGV[a + 2] .. ' ' .. slot
  end
  redis.call('HSET', hold, 'basis', ARGV[2], 'epoch', epoch, 'body', ARGV[arg + 1],
    'open', table.concat(text, '\n'))
  if seq then
    redis.call('PERSIST', hold)
  end
  redis.call('ZADD', open, now, ARGV[1])
  return {1, option, epoch}
end

local option, key, arg = 1, 4, 6
while ARGV[arg] do
  claims = tonumber(ARGV[arg])
  if option > 1 and claims > 0 then
    skip, counts = 0, redis.call('MGET', unpack(KEYS, key, key + claims - 1))
  end
  local after = fits(key, arg + 2)
  if after then
    return grant(option, key, arg, after)
  end
  option, key, arg = option + 1, key + claims, arg + 2 + 3 * claims
end
return {3}
