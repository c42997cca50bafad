-- Puts a delivery into its chat's outbox so that the chat's places take turns and each place keeps its order:
-- every place's next delivery starts after its own last one, and never before what the chat has reached.
-- Broadcasts (class 3) are a place of their own behind everything else.
local BEHIND_EVERYTHING = 1000000000
local function push(out, meta, delivery, now)
  local place = delivery.class == '3' and 'last:#' or ('last:' .. delivery.place)
  local stamp = redis.call('HMGET', meta, place, delivery.class == '3' and 'reached:#' or 'reached')
  local order = math.max(tonumber(stamp[1] or '0') + 1, tonumber(stamp[2] or '0'))
  redis.call('HSET', meta, place, order)
  if delivery.class == '3' then order = order + BEHIND_EVERYTHING end
  redis.call('ZADD', out, order, delivery.id .. '|' .. delivery.class .. '|' .. delivery.place .. '|'
    .. string.format('%.0f', now) .. '|' .. delivery.payload)
end
local function headClass(out)
  local head = redis.call('ZRANGE', out, 0, 0)[1]
  return head and string.match(head, '^[^|]*|(%d)|') or ''
end
