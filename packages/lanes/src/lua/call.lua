#!lua flags=allow-oom
-- Puts a call that someone waits for into its chat's outbox, once: putting it again joins the first one.
-- KEYS  1 out  2 out meta  3 out dirty  4 the call (hash: w whom its answer is told, a answer,
--       k seconds that the answer is kept)
--       5 turn  6 journal (5 and 6 only where the call is made by a turn of the same shard)
-- ARGV  1 chat  2 whom the answer is told  3 seconds that the call is kept  4 turn id  5 id  6 class  7 items  8 stream
--       9 place  10 payload  11 seconds that its answer is kept ('' = as the sender says)
-- Returns {'stale'} | {'answered', answer} | {'put' | 'joined', class of the outbox's head}
-- Race closed: a worker that was replaced makes no calls any more; its successor, running the update again, is told the
-- answer of what was called already, or waits for it, and posts nothing twice.
-- @include clock.lua
-- @include push.lua
if KEYS[5] and redis.call('HGET', KEYS[5], 'id') ~= ARGV[4] then return { 'stale' } end
local known = redis.call('HMGET', KEYS[4], 'w', 'a')
if known[2] then return { 'answered', known[2] } end
redis.call('HSET', KEYS[4], 'w', ARGV[2])
if known[1] then return { 'joined', headClass(KEYS[1]) } end
if ARGV[11] ~= '' then redis.call('HSET', KEYS[4], 'k', ARGV[11]) end
redis.call('EXPIRE', KEYS[4], ARGV[3])
if KEYS[6] then
  redis.call('HSET', KEYS[6], ARGV[5], ARGV[1])
  redis.call('EXPIRE', KEYS[6], ARGV[3])
end
local now = clockMs()
push(KEYS[1], KEYS[2], {
  id = ARGV[5], class = ARGV[6], items = ARGV[7], stream = ARGV[8], place = ARGV[9], payload = ARGV[10],
}, now)
redis.call('ZADD', KEYS[3], 'NX', now, ARGV[1])
return { 'put', headClass(KEYS[1]) }
