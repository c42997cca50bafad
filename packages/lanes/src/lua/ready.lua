#!lua flags=allow-oom
-- Says that chats of a bot have deliveries waiting. Repeating it changes nothing.
-- KEYS  1 the bot's base
-- ARGV  pairs: chat, class of its outbox's head ('x' and its items where it counts as several)
-- Returns 1 where a pump holds the bot (it is told), 0 where one must be woken.
-- Race closed: a delivery that arrives while a call of its chat is under way is remembered on the flight, so that
-- the answer to that call readies the chat again.
-- @include clock.lua
local b, now = KEYS[1], clockMs()
local PREVIEWS = '2'
for i = 1, #ARGV, 2 do
  local chat, head = ARGV[i], ARGV[i + 1]
  local class = string.sub(head, 1, 1)
  local state = redis.call('HGET', b .. ':where', chat)
  if not state then
    redis.call('ZADD', b .. ':ready:' .. class, now, chat)
    redis.call('HSET', b .. ':where', chat, 'R' .. head)
  elseif string.sub(state, 1, 1) == 'R' then
    local current = string.sub(state, 2, 2)
    if class < current then
      -- A reply does not wait for as long as the preview or the broadcast that it overtakes; its own gate is asked.
      local due = current < PREVIEWS and redis.call('ZSCORE', b .. ':ready:' .. current, chat) or now
      redis.call('ZREM', b .. ':ready:' .. current, chat)
      redis.call('ZADD', b .. ':ready:' .. class, due, chat)
      redis.call('HSET', b .. ':where', chat, 'R' .. head)
    else
      -- Here already, unless the set was lost.
      redis.call('ZADD', b .. ':ready:' .. current, 'NX', now, chat)
      if class == current and state ~= 'R' .. head then redis.call('HSET', b .. ':where', chat, 'R' .. head) end
    end
  else
    local flight, again = string.match(state, '^(.*|)([^|]*)$')
    if again == '-' or class <= string.sub(again, 1, 1) then redis.call('HSET', b .. ':where', chat, flight .. head) end
  end
end
if redis.call('EXISTS', b .. ':pump') == 0 then return 0 end
redis.call('PUBLISH', b .. ':go', '')
return 1
