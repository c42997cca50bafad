#!lua flags=allow-oom
-- Notes that someone has tapped a button and waits for its answer.
-- KEYS  1 taps (zset of query ids by their arrival)
-- ARGV  1 id of the query
-- Returns 1.
-- Race closed: arrivals are stamped by Redis's clock, whichever gateway they came to.
-- @include clock.lua
redis.call('ZADD', KEYS[1], 'NX', clockMs(), ARGV[1])
redis.call('EXPIRE', KEYS[1], 3600)
return 1
