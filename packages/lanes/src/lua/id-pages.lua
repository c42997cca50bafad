-- An ordered set of chat ids in pages, each a set that Redis keeps as a plain array of numbers: some ten bytes an id.
-- `<base>:pages` orders the pages by the lowest id that each may hold, `<base>:page:<lowest>` are their ids,
-- `<base>:size` counts all. A walk goes on from the last id it saw, whatever was added, removed or split meanwhile.
local PAGE_IDS = 510
local LOWEST_ID = '-9007199254740991'
local function pageOf(base, id)
  return redis.call('ZREVRANGEBYSCORE', base .. ':pages', id, '-inf', 'LIMIT', 0, 1)[1]
end
local function pageAfter(base, page)
  return redis.call('ZRANGEBYSCORE', base .. ':pages', '(' .. page, '+inf', 'LIMIT', 0, 1)[1]
end
-- The ids of a page, the lowest first, as texts: Lua would round the digits of a long number away.
local function idsOfPage(base, page)
  local ids, isOrdered = redis.call('SMEMBERS', base .. ':page:' .. page), true
  for i = 2, #ids do
    if tonumber(ids[i]) < tonumber(ids[i - 1]) then isOrdered = false end
  end
  -- Only where Redis was told to keep smaller sets as arrays than ours are.
  if not isOrdered then table.sort(ids, function(one, other) return tonumber(one) < tonumber(other) end) end
  return ids
end
local function splitPage(base, page, added)
  local ids = idsOfPage(base, page)
  -- Ids that come in their order leave full pages behind them.
  local cut = ids[#ids] == added and #ids or math.floor(#ids / 2) + 1
  local upper = { unpack(ids, cut) }
  redis.call('SREM', base .. ':page:' .. page, unpack(upper))
  redis.call('SADD', base .. ':page:' .. upper[1], unpack(upper))
  redis.call('ZADD', base .. ':pages', upper[1], upper[1])
end
-- Whether it was not there.
local function addId(base, id)
  local page = pageOf(base, id)
  if not page then
    page = LOWEST_ID
    redis.call('ZADD', base .. ':pages', page, page)
  end
  if redis.call('SADD', base .. ':page:' .. page, id) == 0 then return false end
  redis.call('INCR', base .. ':size')
  if redis.call('SCARD', base .. ':page:' .. page) > PAGE_IDS then splitPage(base, page, id) end
  return true
end
-- Whether it was there.
local function removeId(base, id)
  local page = pageOf(base, id)
  if not page or redis.call('SREM', base .. ':page:' .. page, id) == 0 then return false end
  redis.call('DECR', base .. ':size')
  if redis.call('EXISTS', base .. ':page:' .. page) == 0 then redis.call('ZREM', base .. ':pages', page) end
  return true
end
local function hasId(base, id)
  local page = pageOf(base, id)
  return page and redis.call('SISMEMBER', base .. ':page:' .. page, id) == 1
end
-- At most so many ids above `last` ('' = from the first).
local function idsAfter(base, last, most)
  local page = last ~= '' and pageOf(base, last) or pageAfter(base, last ~= '' and last or '-inf')
  local found = {}
  while page and #found < most do
    for _, id in ipairs(idsOfPage(base, page)) do
      if #found < most and (last == '' or tonumber(id) > tonumber(last)) then found[#found + 1] = id end
    end
    page = pageAfter(base, page)
  end
  return found
end
