#!lua flags=allow-oom
-- Pushes one delivery that belongs to no turn (a replayed dead letter, a broadcast, a call from outside).
-- KEYS  1 out  2 out meta  3 out dirty
-- ARGV  1 chat  2 id  3 class  4 place  5 payload
-- Returns the class of the outbox's head.
-- Race closed: none of its own; one step keeps the order and `out dirty` true together.
-- @include clock.lua
-- @include push.lua
local now = clockMs()
push(KEYS[1], KEYS[2], { id = ARGV[2], class = ARGV[3], place = ARGV[4], payload = ARGV[5] }, now)
redis.call('ZADD', KEYS[3], 'NX', now, ARGV[1])
return headClass(KEYS[1])
