#!lua flags=allow-oom
-- Notes that the head of a chat's outbox is about to be sent. One attempt of a chat at a time.
-- KEYS  1 out  2 out meta (attempt: token|until|stage|delivery id; stage i: not handed over, h: handed over, e: handed
--       over and harmless to repeat)  3 out dirty  4 tally  5 views (of each stream s: newest state as number|payload,
--       r: what is shown, off: no previews any more, 'lost' where one may have been posted, m: its member in out)
-- ARGV  1 token of this attempt  2 ms that an attempt stands which was never handed over
--       3 most repeats of an unknown outcome  4 chat  5 tally series of repeats
-- Returns {'empty'} | {'held', ms} | {'spent', delivery}
--         | {'send', delivery, repeats, tries, state of its stream or '', record or '', off or ''}
-- Race closed: a sender that died or froze between the request and its note leaves the attempt standing; it is
-- repeated only after its HTTP timeout has surely passed, counted in the same step, and never by two pumps at once.
-- One that died before it handed the request over leaves nothing to repeat: it is taken up soon and counts nothing.
-- A preview that may have been posted is not posted again: its stream shows none any more, and the reply that begins
-- anew is what counts as the repeat. An attempt that the client sends again after a lost answer is told what the first
-- one was.
-- @include clock.lua
local PREVIEWS, BROADCASTS = '2', '3'
local now = clockMs()
local function isOf(member, id)
  return member and string.sub(member, 1, #id + 1) == id .. '|'
end
local function find(id)
  for _, member in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
    if isOf(member, id) then return member end
  end
end
-- Stands from now on. What is counted belongs to the delivery: another place's may come in front of it meanwhile.
local function begin(member, unknownStage)
  local id, class, stream = string.match(member, '^([^|]*)|(%d)|%d*|([^|]*)|')
  local isRepeat = unknownStage == 'h'
  local counts = redis.call('HMGET', KEYS[2], 'unknowns:' .. id, 'tries:' .. id)
  local unknowns = tonumber(counts[1] or '0') + (unknownStage and 1 or 0)
  redis.call('HSET', KEYS[2], 'attempt', ARGV[1] .. '|' .. string.format('%.0f', now + tonumber(ARGV[2])) .. '|i|' .. id)
  if class == PREVIEWS then
    if isRepeat then redis.call('HSET', KEYS[5], 'off:' .. stream, 'lost') end
  else
    if unknownStage then redis.call('HSET', KEYS[2], 'unknowns:' .. id, unknowns) end
    if unknowns > (class == BROADCASTS and 0 or tonumber(ARGV[3])) then return { 'spent', member } end
  end
  if isRepeat then redis.call('HINCRBY', KEYS[4], ARGV[5], 1) end
  local view = {}
  if stream ~= '' then view = redis.call('HMGET', KEYS[5], 's:' .. stream, 'r:' .. stream, 'off:' .. stream) end
  return { 'send', member, unknowns, tonumber(counts[2] or '0'), view[1] or '', view[2] or '', view[3] or '' }
end
local standing = redis.call('HGET', KEYS[2], 'attempt')
local head = redis.call('ZRANGE', KEYS[1], 0, 0)[1]
if standing then
  local token, untilMs, stage, id = string.match(standing, '^([^|]*)|(%d+)|(%a)|(.*)$')
  local isResent = token == ARGV[1]
  if not isResent and tonumber(untilMs) > now then return { 'held', tonumber(untilMs) - now } end
  local member = isOf(head, id) and head or find(id)
  if member then return begin(member, not isResent and stage ~= 'i' and stage or nil) end
end
if not head then
  redis.call('DEL', KEYS[2])
  redis.call('ZREM', KEYS[3], ARGV[4])
  return { 'empty' }
end
return begin(head, nil)
