#!lua flags=allow-oom
-- Keeps a summary of the oldest messages of a context.
-- KEYS  1 the lane's memory (hash)
-- ARGV  1 the generation that it was made in ('' for the first)  2 number of the first message that is not in it
--       3 its compressed text
-- Returns 1 where it stands there now, else 0
-- Race closed: what was said before a new beginning, or was forgotten, comes back in no summary; of two that were made at
-- once the one that goes further stays, whichever comes first. A call that is sent again finds its own summary.
local generation, upTo = unpack(redis.call('HMGET', KEYS[1], 'generation', 'summaryUpTo'))
if (generation or '') ~= ARGV[1] or redis.call('HEXISTS', KEYS[1], 'messages') == 0 then return 0 end
if upTo and tonumber(upTo) >= tonumber(ARGV[2]) then
  return redis.call('HGET', KEYS[1], 'summary') == ARGV[3] and upTo == ARGV[2] and 1 or 0
end
redis.call('HSET', KEYS[1], 'summary', ARGV[3], 'summaryUpTo', ARGV[2])
return 1
