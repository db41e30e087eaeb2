-- End the rebuild of a region: reserving goes on under a new epoch (E4). The
-- token carries the history under which it was written, so one read shows
-- that neither has changed: after a wipe there is no token (V8). A rebuild that
-- read the journal before another memory took over has missed what that one
-- sold (E6).
--
-- KEYS[1]  epoch               "<id>/<history>"
-- KEYS[2]  rebuild:<auditor>   token of the one who rebuilds
-- KEYS[3]  floor               id below which no rebuild may end
--
-- ARGV[1]  the new epoch
-- ARGV[2]  token and history, as KEYS[2] has to hold them
-- ARGV[3]  id of the new epoch
--
-- Reply: {1} the epoch stands, {0} the token is gone, or the rebuild too old

if redis.call('GET', KEYS[2]) ~= ARGV[2] then
  -- The same call, a second time.
  return {redis.call('GET', KEYS[1]) == ARGV[1] and 1 or 0}
end
if tonumber(ARGV[3]) < (tonumber(redis.call('GET', KEYS[3]) or nil) or 0) then
  return {0}
end
redis.call('SET', KEYS[1], ARGV[1])
redis.call('DEL', KEYS[2])
return {1}
