#!lua flags=allow-oom
-- Notes that a bot can reach chats: they belong to its audience, and are no longer skipped.
-- KEYS  1 the bot's base
-- ARGV  chats
-- Returns how many of them are new.
-- Race closed: a chat that blocked the bot and came back is in the audience or among the blocked, never in both.
-- @include id-pages.lua
local b, added = KEYS[1], 0
local isAnyBlocked = redis.call('EXISTS', b .. ':blk:pages') == 1
for _, chat in ipairs(ARGV) do
  if addId(b .. ':aud', chat) then added = added + 1 end
  if isAnyBlocked then removeId(b .. ':blk', chat) end
end
return added
