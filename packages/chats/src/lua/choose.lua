#!lua flags=allow-oom
-- Applies changes of what a chat has chosen at once: no turn of the chat commits them.
-- KEYS  1 the changes that were applied lately (list)  2… keys of the writes
-- ARGV  1 id of this change  2 how many are remembered  3 for how many seconds  4 number of writes, then each: command,
--       index of its key, number of arguments, arguments. The write 'guard' (field, expected value, n) skips the next n
--       writes unless the hash's field has that value, as in a commit.
-- Returns 1, or 0 where the change was applied before
-- Race closed: a press that is run again (its worker died, the client sent it anew) does not undo what was chosen after
-- it; each field is set by itself, so that two workers lose nothing of each other's.
if redis.call('LPOS', KEYS[1], ARGV[1]) then return 0 end
local COMMANDS = { hset = 1, hdel = 1, expire = 1 }
local at, skip = 5, 0
-- Looked through before anything changes: a script that breaks off is not undone by Redis.
for _ = 1, tonumber(ARGV[4]) do
  if ARGV[at] ~= 'guard' and not COMMANDS[ARGV[at]] then
    return redis.error_reply('a write that is not known: ' .. ARGV[at])
  end
  at = at + 3 + tonumber(ARGV[at + 2])
end
redis.call('LPUSH', KEYS[1], ARGV[1])
redis.call('LTRIM', KEYS[1], 0, ARGV[2] - 1)
redis.call('EXPIRE', KEYS[1], ARGV[3])
at = 5
for _ = 1, tonumber(ARGV[4]) do
  local command, key, count = ARGV[at], KEYS[1 + tonumber(ARGV[at + 1])], tonumber(ARGV[at + 2])
  local first, last = at + 3, at + 2 + count
  if skip > 0 then
    skip = skip - 1
  elseif command == 'guard' then
    if (redis.call('HGET', key, ARGV[first]) or '') ~= ARGV[first + 1] then skip = tonumber(ARGV[first + 2]) end
  else
    redis.call(command, key, unpack(ARGV, first, last))
  end
  at = last + 1
end
return 1
