#!lua flags=allow-oom
-- Takes the next turn of a lane: the longest mergeable run from its head, stamped with a fresh turn id.
-- KEYS  1 inbox  2 turn (hash: id, n, head, tries, fails, handed, notBefore, last, error, errorOf; bytes: of all that
--       waits; shed: how many waited when the lane was over its bound; told: its people know)  3 dirty  4 turns (zset of lanes in progress)  5 out
--       6 paused (there while an operator lets no turn of the chat begin)
-- ARGV  1 lane  2 fresh turn id  3 quiet window ms  4 album window ms  5 most items  6 most bytes
--       7 failed tries before giving up  8 most undelivered deliveries of the chat  9 seconds that the turn's hash is kept
--       10 tries that nobody ended before giving up: their workers died
-- Returns {'empty'} | {'wait', ms, why} | {'turn', tries, now, shed, item, …} | {'spent', tries, now, shed, item, …}; shed: '1' where
--         the lane sheds and nobody was told
-- Race closed: whoever took the lane before holds an id that no longer counts, however long it was paused. A take that
-- the client sends again after a lost answer is no further try.
-- @include clock.lua
local lane, turnId = ARGV[1], ARGV[2]
local windowMs, albumMs = tonumber(ARGV[3]), tonumber(ARGV[4])
local first = redis.call('LINDEX', KEYS[1], 0)
if not first then
  redis.call('ZREM', KEYS[3], lane)
  redis.call('ZREM', KEYS[4], lane)
  return { 'empty' }
end
local now = clockMs()
if redis.call('EXISTS', KEYS[6]) == 1 then return { 'wait', 1000, 'paused' } end
local stamp = redis.call('HMGET', KEYS[2], 'head', 'tries', 'notBefore', 'id', 'fails', 'handed', 'shed', 'told')
if stamp[3] and tonumber(stamp[3]) > now then return { 'wait', tonumber(stamp[3]) - now, 'retry' } end
if redis.call('ZCARD', KEYS[5]) > tonumber(ARGV[8]) then return { 'wait', 500, 'undelivered' } end

local function read(item)
  local at, id, merge, album = string.match(item, '^(%d+)|([^|]*)|([^|]*)|([^|]*)|')
  return { at = tonumber(at), id = id, merge = merge, album = album }
end

local head = read(first)
local run = { first }
if head.merge ~= '' and (windowMs > 0 or head.album ~= '') then
  local items = redis.call('LRANGE', KEYS[1], 0, tonumber(ARGV[5]) - 1)
  local last, bytes, closed = head, #first, false
  local function quietMs(item)
    if item.album ~= '' then return math.max(windowMs, albumMs) end
    return windowMs
  end
  for i = 2, #items do
    local item = read(items[i])
    local together = item.merge == head.merge and (windowMs > 0 or (item.album ~= '' and item.album == last.album))
    if not together or item.at - last.at > quietMs(last) or bytes + #items[i] > tonumber(ARGV[6]) then
      closed = true
      break
    end
    run[#run + 1] = items[i]
    bytes = bytes + #items[i]
    last = item
  end
  closed = closed or #run >= tonumber(ARGV[5])
  if not closed then
    local longest = math.max(albumMs, math.min(10 * windowMs, 3000))
    local opensAt = math.min(last.at + quietMs(last), head.at + longest)
    if opensAt > now then return { 'wait', opensAt - now, 'quiet' } end
  end
end

local headKey = string.format('%.0f', head.at) .. '|' .. head.id
local tries, fails, handed = 1, 0, 0
if stamp[1] == headKey then
  tries = tonumber(stamp[2] or '0') + (stamp[4] == turnId and 0 or 1)
  fails, handed = tonumber(stamp[5] or '0'), tonumber(stamp[6] or '0')
end
redis.call('HSET', KEYS[2], 'id', turnId, 'n', #run, 'head', headKey, 'tries', tries, 'fails', fails, 'handed', handed)
redis.call('EXPIRE', KEYS[2], ARGV[9])
redis.call('ZADD', KEYS[4], now, lane)
local isSpent = fails >= tonumber(ARGV[7]) or tries - 1 - fails - handed >= tonumber(ARGV[10])
local answer = { isSpent and 'spent' or 'turn', tries, now, stamp[7] and not stamp[8] and '1' or '' }
for i = 1, #run do answer[4 + i] = run[i] end
return answer
