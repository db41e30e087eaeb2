-- Take a verified order off the list of open parts and verify marks (A2): it
-- has no open part, and its live part is the decision that the leader named.
--
-- KEYS[1]  hold:<order>  hash; live part: seq, claims; open part: basis, epoch, body, open
-- KEYS[2]  open          sorted set: order by time of its open part or verify mark
--
-- ARGV[1]  order
-- ARGV[2]  sequence of the order's last decision; 0: it has none
--
-- Reply: {1} cleared, {0} not: something has happened since
--
-- Sequences are compared as numbers; they are exact below 2^53.

local part = redis.call('HMGET', KEYS[1], 'seq', 'basis')
if part[2] or (tonumber(part[1] or nil) or 0) ~= tonumber(ARGV[2]) then
  return {0}
end
redis.call('ZREM', KEYS[2], ARGV[1])
return {1}
