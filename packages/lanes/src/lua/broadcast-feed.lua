#!lua flags=allow-oom
-- Moves a broadcast on: feeds the pump with the next recipients up to a bound, ends the broadcast after the last.
-- KEYS  1 the bot's base
-- ARGV  1 id  2 most recipients that are fed and not settled  3 most recipients to look at  4 '1' to look for
--       recipients that were fed and are ready for no pump
-- Returns {state, '1' where a pump is at work or none is needed}; the state is '' where there is no such broadcast.
-- Race closed: the cursor moves in the same step in which the recipients are fed, so that of two conductors, or of one
-- that died, none feeds a chat twice or leaves one out.
-- @include clock.lua
-- @include id-pages.lua
-- @include broadcast-turns.lua
local b, id, ahead, most = KEYS[1], ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local key, now = b .. ':bc:' .. id, clockMs()
local function readyRecipient(chat)
  -- A chat with deliveries of its own, or a call under way, is readied by the answer to its last one.
  if redis.call('HSETNX', b .. ':where', chat, 'R4') == 1 then redis.call('ZADD', b .. ':ready:4', now, chat) end
end
local function nextRecipients(count)
  local chats = redis.call('SPOP', key .. ':left', count)
  local missing = count - #chats
  if missing == 0 then return chats end
  local isAll = redis.call('HGET', key, 'audience') == 'all'
  local more = isAll and idsAfter(b .. ':aud', redis.call('HGET', key, 'cursor'), missing)
    or redis.call('LPOP', key .. ':list', missing) or {}
  if isAll and #more > 0 then redis.call('HSET', key, 'cursor', more[#more]) end
  for _, chat in ipairs(more) do chats[#chats + 1] = chat end
  redis.call('HINCRBY', key, 'taken', #more)
  return chats
end
local function feed()
  local fed, skipped, looked = 0, 0, 0
  local isAnyBlocked = redis.call('EXISTS', b .. ':blk:pages') == 1
  local room = ahead - redis.call('HLEN', b .. ':open')
  while room > 0 and looked < most do
    local chats = nextRecipients(math.min(room, most - looked))
    if #chats == 0 then break end
    looked = looked + #chats
    for _, chat in ipairs(chats) do
      if isAnyBlocked and hasId(b .. ':blk', chat) then
        skipped = skipped + 1
      else
        redis.call('HSETNX', b .. ':open', chat, 'w|0||')
        readyRecipient(chat)
        fed = fed + 1
        room = room - 1
      end
    end
  end
  if skipped > 0 then redis.call('HINCRBY', key, 'skipped', skipped) end
  if fed > 0 then redis.call('PUBLISH', b .. ':go', '') end
  return looked > 0
end
-- A grant that is still out could else be used on the next broadcast, whose rate is another.
local function isGranted()
  for _, chat in ipairs(redis.call('SMEMBERS', b .. ':flights')) do
    if string.sub(redis.call('HGET', b .. ':where', chat) or '', 1, 2) == 'F4' then return true end
  end
  return false
end
local state = redis.call('HGET', key, 'state')
if state == 'waiting' then
  beginNext(b)
  state = redis.call('HGET', key, 'state')
end
if state ~= 'running' and state ~= 'stopping' then return { state or '', '1' } end
local isMore = state == 'running' and feed()
if ARGV[4] == '1' then
  for _, chat in ipairs(redis.call('HKEYS', b .. ':open')) do readyRecipient(chat) end
end
local isOver = not isMore and redis.call('HLEN', b .. ':open') == 0 and not isGranted()
if isOver then
  if state == 'running' then redis.call('HSET', key, 'total', redis.call('HGET', key, 'taken') or 0) end
  state = state == 'running' and 'done' or 'stopped'
  finish(b, id, state, now)
end
return { state, (isOver or redis.call('EXISTS', b .. ':pump') == 1) and '1' or '0' }
