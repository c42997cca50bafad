#!lua flags=allow-oom
-- Notes something under a turn, so that a turn begun anew finds it. What was noted first stays.
-- KEYS  1 turn  2 journal
-- ARGV  1 turn id  2 field  3 value  4 seconds that the journal is kept
-- Returns {'stale'} | {'noted' | 'kept', the value that stands}
-- Race closed: a worker that was replaced writes nothing into its successor's journal.
if redis.call('HGET', KEYS[1], 'id') ~= ARGV[1] then return { 'stale' } end
local isNew = redis.call('HSETNX', KEYS[2], ARGV[2], ARGV[3]) == 1
redis.call('EXPIRE', KEYS[2], ARGV[4])
return { isNew and 'noted' or 'kept', redis.call('HGET', KEYS[2], ARGV[2]) }
