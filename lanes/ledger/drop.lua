-- Take back an open part that was granted before another memory had the region:
-- nobody counted it there, and no fence lets it be stored (E6).
--
-- KEYS[1]  hold:<order>  hash; live part: seq, claims; open part: basis, epoch, body, open
-- KEYS[2]  open          sorted set: order by time of its open part or verify mark
-- The counters are named by the hold alone, as in settle.
--
-- ARGV[1]  order
-- ARGV[2]  id of the epoch that the other memory had last
--
-- Reply: {1} taken back, {0} there is none so old
--
-- Ids are compared as numbers; they are exact below 2^53.

local part = redis.call('HMGET', KEYS[1], 'epoch', 'open', 'seq')
if not part[1] or tonumber(string.match(part[1], '^%d+')) >= tonumber(ARGV[2]) then
  return {0}
end
for units, slot in string.gmatch(part[2] or '', '(%S+) %S+ ([^\n]+)') do
  local count = tonumber(redis.call('GET', slot) or nil)
  if count then
    redis.call('SET', slot, math.max(count - units, 0), 'KEEPTTL')
  end
end
redis.call('HDEL', KEYS[1], 'basis', 'epoch', 'body', 'open')
if part[3] then
  return {1} -- its live part is compared with the journal before the rebuild ends
end
redis.call('ZREM', KEYS[2], ARGV[1])
return {1}
