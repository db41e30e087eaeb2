-- Begin the rebuild of a region, if it still needs one (E2). Without an epoch
-- nothing is reserved any more; cancels and settles go on.
--
-- KEYS[1]  epoch               "<id>/<history>"
-- KEYS[2]  rebuild:<auditor>   token of the one who rebuilds
--
-- ARGV[1]  history of this connection
-- ARGV[2]  token and history, as KEYS[2] is to hold them
--
-- Reply: {1} begun, {0} not needed

local epoch = redis.call('GET', KEYS[1])
if epoch and string.match(epoch, '^%d+/(.*)$') == ARGV[1] then
  return {0}
end
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[2], ARGV[2])
return {1}
