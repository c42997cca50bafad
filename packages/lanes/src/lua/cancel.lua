#!lua flags=allow-oom
-- Takes back a call that still waits in its chat's outbox.
-- KEYS  1 out  2 out meta  3 out dirty  4 the call
-- ARGV  1 chat  2 id
-- Returns 1, or 0 where an attempt at it stands, or it is gone.
-- Race closed: a call that may have left is not taken back; whoever is told 1 knows that it never leaves.
local attempt = redis.call('HGET', KEYS[2], 'attempt')
if attempt and string.match(attempt, '^[^|]*|%d+|%a|(.*)$') == ARGV[2] then return 0 end
for _, member in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  if string.sub(member, 1, #ARGV[2] + 1) == ARGV[2] .. '|' then
    redis.call('ZREM', KEYS[1], member)
    redis.call('DEL', KEYS[4])
    redis.call('HDEL', KEYS[2], 'unknowns:' .. ARGV[2], 'tries:' .. ARGV[2])
    if redis.call('EXISTS', KEYS[1]) == 0 then
      redis.call('DEL', KEYS[2])
      redis.call('ZREM', KEYS[3], ARGV[1])
    end
    return 1
  end
end
return 0
