-- Counts what waits in the lanes of each bot of a shard: a hash of bots beside `dirty` (the key's name is made from its).
-- To be called once `dirty` is up to date: where no lane of the shard has items, what was miscounted (by a release that did
-- not count yet) is forgotten.
local function countBacklog(dirty, lane, by)
  -- Redis does not take Lua's -0 for a number.
  if by == 0 then return end
  local key = string.gsub(dirty, 'dirty$', 'backlog')
  local bot = string.match(lane, '^[^:]*')
  if by < 0 and redis.call('EXISTS', dirty) == 0 then return redis.call('DEL', key) end
  if redis.call('HINCRBY', key, bot, by) <= 0 then redis.call('HDEL', key, bot) end
end
