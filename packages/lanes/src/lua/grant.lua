#!lua flags=allow-oom
-- Grants calls to the most urgent chats that are due, as far as the bot's window, its spacing and the chats' gates
-- have room. Recipients of a paid broadcast have a window and a spacing of their own.
-- KEYS  1 the bot's base
-- ARGV  1 token of the pump  2 bot's calls per second  3 most grants  4 prefix of the grants' ids
--       5 chat per second  6 chat burst  7 group per minute  8 ms that an unanswered call counts
--       9 most grants to recipients of broadcasts: whoever is slow to take them must not keep replies from a slot
-- Returns {'lost'} | {'granted', ms until asking again is worth it ('' = when told), '1' where only time can change
--         the answer, chat, class, grant id, …}
-- Race closed: two pumps, or a pump that was replaced, never grant from one window at once. A call that the client sends
-- again after a lost answer (its prefix is the last one's) gets the same grants: others would leave the first chats in
-- flight for nobody.
-- @include gates.lua
-- @include rate.lua
local CATCH_UP_MS = 25
local RECIPIENTS = 4
local b, most, unansweredMs = KEYS[1], tonumber(ARGV[3]), tonumber(ARGV[8])
if redis.call('GET', b .. ':pump') ~= ARGV[1] then return { 'lost' } end
local limits = { chatPerSecond = tonumber(ARGV[5]), chatBurst = tonumber(ARGV[6]), groupPerMinute = tonumber(ARGV[7]) }
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000 + tonumber(t[2]) / 1000
local spacing = redis.call('GET', b .. ':spacing') or '0;0||'
local spacedText, paidSpacedText, lastPrefix, lastGranted = string.match(spacing, '^([^|;]*);?([^|]*)|([^|]*)|(.*)$')
if lastPrefix == ARGV[4] then
  local again = { 'granted', '', '' }
  for part in string.gmatch(lastGranted, '[^,]+') do again[#again + 1] = part end
  return again
end
local paused = redis.call('PTTL', b .. ':pause')
if paused > 0 then return { 'granted', tostring(paused), '1' } end

-- Calls leave along a track: at most so many in any second, and evenly spaced.
local function openTrack(window, perSecond, spacedUntil)
  redis.call('ZREMRANGEBYSCORE', window, '-inf', now - 1000)
  local most = math.max(1, math.floor(perSecond))
  return {
    window = window,
    most = most,
    gapMs = 1000 / perSecond,
    spacedUntil = tonumber(spacedUntil) or 0,
    room = most - redis.call('ZCARD', window),
  }
end
-- 0 where a call of so many items may leave now, else in how many ms to look again.
local function closedMs(track, items)
  local missing = math.min(items, track.most) - track.room
  if missing > 0 then
    local past = redis.call('ZRANGE', track.window, missing - 1, missing - 1, 'WITHSCORES')[2]
    return math.max(1, math.min(tonumber(past or now) + 1000 - now, 20))
  end
  return math.max(0, track.spacedUntil - now)
end
local main = openTrack(b .. ':window', rateOf(b, tonumber(ARGV[2]), now), spacedText)
local paidPerSecond = tonumber(redis.call('GET', b .. ':paid') or '0')
local paid = paidPerSecond > 0 and openTrack(b .. ':paidwindow', paidPerSecond, paidSpacedText)

local answer, granted, looked = { 'granted', '', '' }, 0, 0
local recipientsLeft = tonumber(ARGV[9])
local wait
local function waitFor(ms)
  wait = math.min(wait or 1000, math.max(0.001, ms))
end
local function firstDue(class)
  return redis.call('ZRANGEBYSCORE', b .. ':ready:' .. class, '-inf', now, 'LIMIT', 0, 1)[1]
end
local function give(track, chat, class, items, tokens)
  granted = granted + 1
  if class == RECIPIENTS then recipientsLeft = recipientsLeft - 1 end
  local grant = ARGV[4] .. granted .. (items > 1 and 'x' .. items or '')
  redis.call('ZREM', b .. ':ready:' .. class, chat)
  redis.call('HSET', b .. ':where', chat, 'F' .. class .. (items > 1 and 'x' .. items or '') .. '|' .. grant .. '|-')
  redis.call('SADD', b .. ':flights', chat)
  eachEntry(grant, function(entry) redis.call('ZADD', track.window, now + unansweredMs, entry) end)
  enter(b, chat, grant, limits, now, unansweredMs, tokens)
  track.spacedUntil = math.max(track.spacedUntil, now - CATCH_UP_MS) + track.gapMs * items
  track.room = track.room - items
  answer[#answer + 1] = chat
  answer[#answer + 1] = tostring(class)
  answer[#answer + 1] = grant
end
-- Grants along one track to chats of some classes, the most urgent first, until the track is closed or nobody is due.
local function follow(track, class, lastClass)
  while granted < most and looked < 256 do
    if class == RECIPIENTS and recipientsLeft <= 0 then return end
    local closed = closedMs(track, 1)
    local chat = closed == 0 and firstDue(class)
    if closed > 0 then
      -- Whoever comes may still leave along the other track.
      if track == main then answer[3] = '1' end
      return waitFor(closed)
    elseif chat then
      looked = looked + 1
      local state = redis.call('HGET', b .. ':where', chat) or ''
      local items = tonumber(string.match(state, '^R%dx(%d+)$') or '1')
      local shut, tokens = gateMs(b, chat, { class = tostring(class), items = items }, limits, now)
      if shut > 0 then
        redis.call('ZADD', b .. ':ready:' .. class, now + shut, chat)
      elseif closedMs(track, items) > 0 then
        -- An album waits for room for all of its items, and nobody takes it away meanwhile.
        if track == main then answer[3] = '1' end
        return waitFor(closedMs(track, items))
      else
        give(track, chat, class, items, tokens)
      end
    elseif class < lastClass then
      class = class + 1
    else
      return
    end
  end
end
follow(main, 0, paid and RECIPIENTS - 1 or RECIPIENTS)
if paid then follow(paid, RECIPIENTS, RECIPIENTS) end
if granted < most then
  if looked >= 256 then waitFor(1) end
  for class = 0, RECIPIENTS do
    local first = redis.call('ZRANGE', b .. ':ready:' .. class, 0, 0, 'WITHSCORES')
    -- Who is due and was not granted waits for its track.
    if first[2] and tonumber(first[2]) > now then waitFor(math.max(1, tonumber(first[2]) - now)) end
  end
end
if granted > 0 then
  local memory = string.format('%.3f;%.3f', main.spacedUntil, paid and paid.spacedUntil or 0) .. '|' .. ARGV[4] .. '|'
    .. table.concat(answer, ',', 4)
  redis.call('SET', b .. ':spacing', memory, 'PX', math.ceil(math.max(60000, 2 * main.gapMs)))
end
if wait then answer[2] = string.format('%.3f', wait) end
return answer
