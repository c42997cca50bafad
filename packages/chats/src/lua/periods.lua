-- What one subject (the bot, a user, a chat) has spent: a hash with d and m (the day and the month that count), du and dt
-- (spent on that day: billionths of a dollar, tokens), mu and mt (in that month), hu and ht (held by open reservations).
-- A worker whose clock is behind counts in the later period.
local function readSpent(key, day, month)
  local at = redis.call('HMGET', key, 'd', 'du', 'dt', 'm', 'mu', 'mt', 'hu', 'ht')
  local isNewDay, isNewMonth = (at[1] or '') < day, (at[4] or '') < month
  return {
    day = isNewDay and day or at[1], month = isNewMonth and month or at[4],
    du = isNewDay and 0 or tonumber(at[2]), dt = isNewDay and 0 or tonumber(at[3]),
    mu = isNewMonth and 0 or tonumber(at[5]), mt = isNewMonth and 0 or tonumber(at[6]),
    hu = tonumber(at[7] or '0'), ht = tonumber(at[8] or '0'),
  }
end
local function whole(n) return string.format('%.0f', n) end
local function writeSpent(key, s, seconds)
  redis.call('HSET', key, 'd', s.day, 'du', whole(s.du), 'dt', whole(s.dt), 'm', s.month, 'mu', whole(s.mu),
    'mt', whole(s.mt), 'hu', whole(math.max(0, s.hu)), 'ht', whole(math.max(0, s.ht)))
  redis.call('EXPIRE', key, seconds)
end
