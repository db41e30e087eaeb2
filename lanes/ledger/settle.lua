-- Make the claims of a decision the live part of its order (S3). The last
-- decision wins, whoever calls, however late and however often.
--
-- KEYS[1]   hold:<order>        hash; live part: seq, claims; open part: basis, epoch, body, open
-- KEYS[2]   open                sorted set: order by time of its open part or verify mark
-- KEYS[3]   epoch               "<id>/<history>"
-- KEYS[4]   rebuild:<auditor>   the caller's rebuild token; with no token any key of the region
-- KEYS[5..] slot:<slot>         the counter of each claim of the decision
-- The counters of the claims taken back are named by the hold and by nothing
-- the caller knows, so they are not declared. They carry the region's hash tag
-- like all others: same slot, same node.
--
-- ARGV[1]   order
-- ARGV[2]   sequence of the decision
-- ARGV[3]   epoch of the decision
-- ARGV[4]   history of this connection
-- ARGV[5]   now, milliseconds
-- ARGV[6]   grace, milliseconds: how long a hold outlives its slots
-- ARGV[7]   what KEYS[4] must hold, or empty: the caller does not rebuild
-- ARGV[8..] per claim: units, end of the slot in seconds
--
-- Reply
--   {0}                      nothing: this or a later decision is settled
--   {1, marked, lost, ended} settled; marked: 1 if it has to be verified; lost and
--                            ended: take-backs that found their counter gone (or
--                            too low) before its time, and after it
--   {2}                      the rebuild token is gone (E3)
--
-- Sequences are compared as numbers; they are exact below 2^53.

local DAY = 24 * 60 * 60 * 1000
local hold, open = KEYS[1], KEYS[2]
local decision, now, grace = tonumber(ARGV[2]), tonumber(ARGV[5]), tonumber(ARGV[6])

-- One read brings epoch, token and the counters of the decision's claims.
local values = redis.call('MGET', unpack(KEYS, 3))
local epoch = values[1]
if ARGV[7] ~= '' and values[2] ~= ARGV[7] then
  return {2}
end
local part = redis.call('HMGET', hold, 'seq', 'claims', 'basis', 'open')
local seq, basis = tonumber(part[1] or nil), tonumber(part[3] or nil)
if seq and seq >= decision then
  return {0}
end

-- What happens to each counter: back is taken, then add is counted.
local counters, bySlot, latest = {}, {}, 0
local function counter(slot, ends)
  local c = bySlot[slot]
  if not c then
    c = {slot = slot, back = 0, add = 0, ends = ends}
    bySlot[slot], counters[#counters + 1] = c, c
  elseif c.ends ~= ends then
    c.ends, c.moved = ends, true
  end
  latest = math.max(latest, ends)
  return c
end

local function takeBack(claims)
  for units, ends, slot in string.gmatch(claims or '', '(%S+) (%S+) ([^\n]+)') do
    local c = counter(slot, tonumber(ends))
    c.back = c.back + tonumber(units)
  end
end
takeBack(part[2])
local stays = basis and basis >= decision -- the open part of a later attempt
if not stays then
  takeBack(part[4])
end

local text = {}
for k = 5, #KEYS do
  local slot, units, ends = KEYS[k], ARGV[2 * k - 2], ARGV[2 * k - 1]
  local c = counter(slot, tonumber(ends))
  c.add = c.add + tonumber(units)
  c.count, c.read = tonumber(values[k - 2] or nil), true
  text[#text + 1] = units .. ' ' .. ends .. ' ' .. slot
end

local unread = {}
for _, c in ipairs(counters) do
  if not c.read then
    unread[#unread + 1] = c.slot
  end
end
if #unread > 0 then
  for i, count in ipairs(redis.call('MGET', unpack(unread))) do
    bySlot[unread[i]].count = tonumber(count or nil)
  end
end

-- From here on only writes.
local lost, ended = 0, 0
for _, c in ipairs(counters) do
  local ttl = c.ends * 1000 + grace + DAY - now
  if c.back > (c.count or 0) then
    if ttl > 0 then lost = lost + 1 else ended = ended + 1 end
  end
  -- Never below nothing, and over the limit if need be: it is decided (S3).
  local after = math.max((c.count or 0) - c.back, 0) + c.add
  if (c.count or c.add > 0) and (after ~= c.count or c.moved) then
    redis.call('SET', c.slot, after, 'PX', math.max(ttl, 1))
  end
end

if part[1] or (basis and not stays) then
  if stays then
    redis.call('HDEL', hold, 'seq', 'claims')
  else
    redis.call('DEL', hold)
  end
end
redis.call('HSET', hold, 'seq', ARGV[2], 'claims', table.concat(text, '\n'))
if not stays then
  -- A hold remembers at least as long as any slot it has just let go, so that
  -- a late settle of an older decision finds it (S4, V6).
  redis.call('PEXPIRE', hold, math.max(latest * 1000 + grace - now, DAY))
end

-- Claims granted under another epoch may have been granted twice: verify.
local marked = 0
if #KEYS > 4 and ARGV[7] == '' and
    (epoch ~= ARGV[3] or string.match(epoch, '^%d+/(.*)$') ~= ARGV[4]) then
  marked = 1
  redis.call('ZADD', open, now, ARGV[1])
elseif not stays then
  redis.call('ZREM', open, ARGV[1])
end
return {1, marked, lost, ended}
