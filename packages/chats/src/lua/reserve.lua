-- Sets aside what a request to a model may cost, before it is made.
-- KEYS  1 bot  2 user  3 chat (each as in periods.lua; the user's also q: when it asked last, on Redis's clock, and qi:
--       which question that was)  4 holds (hash: id -> user|chat|tokens|billionths of a dollar|generation)
--       5 due (zset of ids by when they are given up)
-- ARGV  1 id  2 day  3 month  4 user  5 chat  6 ms that the reservation stands unless it is prolonged
--       7 tokens of the prompt  8 its cost  9 tokens of the longest answer  10 cost of one of them  11 the shortest answer
--       that is worth asking for  12 ms between two questions of a user  13 question  14 seconds that spends are kept
--       15… for bot, user, chat each: most cost a day, tokens a day, cost a month, tokens a month ('' = no limit)
--       (costs in billionths of a dollar)
-- Returns {'granted', tokens of the answer} | {'spent', 1-3: whose limit, 'day' | 'month'} | {'cooling', ms}
-- Race closed: however many requests begin at once, together they set aside no more than is left. One that is sent again
-- after a lost answer sets nothing aside twice.
-- @include periods.lua
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local known = redis.call('HGET', KEYS[4], ARGV[1])
if known then
  local tokens = string.match(known, '^[^|]*|[^|]*|(%d+)|')
  return { 'granted', whole(tonumber(tokens) - tonumber(ARGV[7])) }
end
local cooldown = tonumber(ARGV[12])
if cooldown > 0 then
  local last = redis.call('HMGET', KEYS[2], 'q', 'qi')
  if last[1] and last[2] ~= ARGV[13] and now - tonumber(last[1]) < cooldown then
    return { 'cooling', whole(tonumber(last[1]) + cooldown - now) }
  end
end
local promptTokens, promptCost = tonumber(ARGV[7]), tonumber(ARGV[8])
local reply, each, least = tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11])
local subjects = {}
for i = 1, 3 do
  local s = readSpent(KEYS[i], ARGV[2], ARGV[3])
  subjects[i] = s
  local first = 15 + 4 * (i - 1)
  local function fit(limit, spent, cost, perToken, period)
    if limit == '' then return nil end
    local room = tonumber(limit) - spent - cost
    if perToken > 0 then reply = math.min(reply, math.floor(room / perToken)) end
    if room < 0 or reply < math.min(least, tonumber(ARGV[9])) then return { 'spent', i, period } end
  end
  local refusal = fit(ARGV[first], s.du + s.hu, promptCost, each, 'day')
    or fit(ARGV[first + 1], s.dt + s.ht, promptTokens, 1, 'day')
    or fit(ARGV[first + 2], s.mu + s.hu, promptCost, each, 'month')
    or fit(ARGV[first + 3], s.mt + s.ht, promptTokens, 1, 'month')
  if refusal then return refusal end
end
local tokens, cost = promptTokens + reply, math.ceil(promptCost + reply * each)
for i = 1, 3 do
  subjects[i].hu = subjects[i].hu + cost
  subjects[i].ht = subjects[i].ht + tokens
  writeSpent(KEYS[i], subjects[i], ARGV[14])
end
if cooldown > 0 then redis.call('HSET', KEYS[2], 'q', whole(now), 'qi', ARGV[13]) end
redis.call('HSET', KEYS[4], ARGV[1], table.concat({ ARGV[4], ARGV[5], whole(tokens), whole(cost), '' }, '|'))
redis.call('ZADD', KEYS[5], now + tonumber(ARGV[6]), ARGV[1])
return { 'granted', whole(reply) }
