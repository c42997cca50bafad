-- Puts a delivery into its chat's outbox so that the chat's places take turns and each place keeps its order:
-- every place's next delivery starts after its own last one, and never before what the chat has reached.
-- Previews (class 2) come behind whatever is to stay; broadcasts (class 3) are a place of their own behind everything.
local PREVIEWS_FROM, BROADCASTS_FROM = 500000000, 1000000000
local TIERS = {
  ['2'] = { from = PREVIEWS_FROM, mark = '~' },
  ['3'] = { from = BROADCASTS_FROM, mark = '#', onePlace = true },
}
local REPLIES = { from = 0, mark = '' }
local function push(out, meta, delivery, now)
  local tier = TIERS[delivery.class] or REPLIES
  local place = 'last:' .. tier.mark .. (tier.onePlace and '' or delivery.place)
  local stamp = redis.call('HMGET', meta, place, 'reached' .. tier.mark)
  local order = math.max(tonumber(stamp[1] or '0') + 1, tonumber(stamp[2] or '0'))
  redis.call('HSET', meta, place, order)
  local member = table.concat({ delivery.id, delivery.class, delivery.items, delivery.stream, delivery.place,
    string.format('%.0f', now), delivery.payload }, '|')
  redis.call('ZADD', out, order + tier.from, member)
  return member
end
-- Notes how far a chat has come, for the places that begin later.
local function reach(meta, class, order)
  local tier = TIERS[class] or REPLIES
  if not tier.onePlace then redis.call('HSET', meta, 'reached' .. tier.mark, order - tier.from) end
end
-- The class of the outbox's head, 'x' and its items where it counts as several; '' where it is empty.
local function headClass(out)
  local head = redis.call('ZRANGE', out, 0, 0)[1]
  if not head then return '' end
  local class, items = string.match(head, '^[^|]*|(%d)|(%d*)|')
  return tonumber(items) > 1 and class .. 'x' .. items or class
end
