#!lua flags=allow-oom
-- Notes what became of a call to a recipient.
-- KEYS  1 the bot's base
-- ARGV  1 chat  2 broadcast  3 token of the attempt  4 'sent' | 'blocked' | 'failed' | 'unknown' | 'again' | 'replace'
--       5 the payload that takes the broadcast's place (for 'replace')
-- Returns 1, or 0 where the recipient is another's or settled by now.
-- Race closed: an answer that comes after its sender was taken for dead corrects the unknown outcome, once, also when
-- the broadcast has ended; a note that is sent again counts nothing.
-- @include clock.lua
-- @include broadcast-turns.lua
local b, chat, id, token, result = KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local key = b .. ':bc:' .. id
local isAgain = result == 'again' or result == 'replace'
local _, tries, at, holder = string.match(redis.call('HGET', b .. ':open', chat) or '', '^(%a)|(%d+)|(%d*)|(.*)$')
local isMine = holder == token and redis.call('GET', b .. ':bc:active') == id
local unknown = redis.call('HGET', key .. ':unknown', chat)
local isLate = unknown and string.match(unknown, '^%d*|(.*)$') == token
if not isMine and not isLate then return 0 end
if result == 'replace' then
  redis.call('HSET', key, 'payload', ARGV[5])
  redis.call('HINCRBY', key, 'revision', 1)
end
local state = redis.call('HGET', key, 'state')
if isMine and isAgain then
  if state == 'running' then
    redis.call('HSET', b .. ':open', chat, 'w|' .. (tries + (result == 'again' and 1 or 0)) .. '||')
  else
    putBack(b, id, chat)
  end
elseif isMine then
  redis.call('HDEL', b .. ':open', chat)
  redis.call('HINCRBY', key, result, 1)
  if result == 'unknown' then redis.call('HSET', key .. ':unknown', chat, at .. '|' .. token) end
elseif result ~= 'unknown' then
  redis.call('HDEL', key .. ':unknown', chat)
  redis.call('HINCRBY', key, 'unknown', -1)
  if not isAgain then
    redis.call('HINCRBY', key, result, 1)
  elseif state == 'done' then
    redis.call('HINCRBY', key, 'failed', 1)
  else
    redis.call('SADD', key .. ':left', chat)
    if state == 'stopped' then keepFor(b, id, ENDED_KEPT_SECONDS) end
  end
end
return 1
