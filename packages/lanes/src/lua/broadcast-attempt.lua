#!lua flags=allow-oom
-- Notes that a recipient of the active broadcast is about to be called.
-- KEYS  1 the bot's base
-- ARGV  1 chat  2 token of this attempt  3 ms that an attempt of another stands which was not handed over
--       4 the broadcast and revision whose payload is known ('' = none)
-- Returns {'none'} | {'held', ms} | {'unknown', broadcast}
--         | {'send', broadcast, revision, calls per second where paid or '', tries, payload or '' where it is known}
-- Race closed: a request that a dead sender had handed over is never made again: its recipient is listed as unknown.
-- One that was not handed over is taken up, but only after its sender may surely not hand it over any more.
-- @include clock.lua
-- @include broadcast-turns.lua
local b, chat, token, now = KEYS[1], ARGV[1], ARGV[2], clockMs()
local standing = redis.call('HGET', b .. ':open', chat)
local id = redis.call('GET', b .. ':bc:active')
if not standing or not id then return { 'none' } end
local key = b .. ':bc:' .. id
local stage, tries, at, holder = string.match(standing, '^(%a)|(%d+)|(%d*)|(.*)$')
if holder ~= token then
  if stage == 'h' then
    redis.call('HDEL', b .. ':open', chat)
    redis.call('HINCRBY', key, 'unknown', 1)
    redis.call('HSET', key .. ':unknown', chat, at .. '|' .. holder)
    return { 'unknown', id }
  end
  if stage == 'i' and tonumber(at) + tonumber(ARGV[3]) > now then
    return { 'held', tonumber(at) + tonumber(ARGV[3]) - now }
  end
  if redis.call('HGET', key, 'state') ~= 'running' then
    putBack(b, id, chat)
    return { 'none' }
  end
  redis.call('HSET', b .. ':open', chat, 'i|' .. tries .. '|' .. string.format('%.0f', now) .. '|' .. token)
end
local known = redis.call('HMGET', key, 'revision', 'paid')
local isKnown = ARGV[4] == id .. '|' .. known[1]
return { 'send', id, known[1], known[2], tonumber(tries), isKnown and '' or redis.call('HGET', key, 'payload') }
