-- Begin the rebuild of a region, if it still needs one (E2, E6). Without an epoch
-- nothing is reserved any more; cancels and settles go on.
--
-- KEYS[1]  epoch               "<id>/<history>"
-- KEYS[2]  rebuild:<auditor>   token of the one who rebuilds
-- KEYS[3]  floor               id below which no rebuild may end
--
-- ARGV[1]  history of this connection
-- ARGV[2]  token and history, as KEYS[2] is to hold them
-- ARGV[3]  id of the epoch that another memory had last; 0: none had any
--
-- Reply: {1} begun, {0} not needed
--
-- Ids are compared as numbers; they are exact below 2^53.

local past = tonumber(ARGV[3])
local id, history = string.match(redis.call('GET', KEYS[1]) or '', '^(%d+)/(.*)$')
if history == ARGV[1] and tonumber(id) >= past then
  return {0}
end
if past > (tonumber(redis.call('GET', KEYS[3]) or nil) or 0) then
  redis.call('SET', KEYS[3], ARGV[3])
end
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[2], ARGV[2])
return {1}
