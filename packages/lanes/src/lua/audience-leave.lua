#!lua flags=allow-oom
-- Notes that a bot can't reach a chat any more.
-- KEYS  1 the bot's base
-- ARGV  1 chat  2 '1' where it blocked the bot: broadcasts skip it until it is back
-- Returns 1 where it was in the audience, else 0.
-- Race closed: a chat that blocked the bot and came back is in the audience or among the blocked, never in both.
-- @include id-pages.lua
local b, chat = KEYS[1], ARGV[1]
local wasThere = removeId(b .. ':aud', chat)
if ARGV[2] == '1' then addId(b .. ':blk', chat) end
return wasThere and 1 or 0
