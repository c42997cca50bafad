-- Broadcasts of a bot take turns: one is active, the others wait in `bc:waiting`. What is known of one is in
-- `bc:<id>`; `open` holds the recipients of the active one that were fed to the pump and are not settled:
-- stage|tries|at|token, the stage being w (waits), i (is about to be called) or h (its request was handed over).
local ENDED_KEPT_SECONDS = 2592000
local PARTS = { '', ':list', ':left', ':unknown' }
local function beginNext(b)
  local active = redis.call('GET', b .. ':bc:active')
  if active and redis.call('EXISTS', b .. ':bc:' .. active) == 1 then return end
  local id = redis.call('ZPOPMIN', b .. ':bc:waiting')[1]
  if not id then return end
  redis.call('SET', b .. ':bc:active', id)
  redis.call('HSET', b .. ':bc:' .. id, 'state', 'running')
  local paid = redis.call('HGET', b .. ':bc:' .. id, 'paid')
  if paid ~= '' then redis.call('SET', b .. ':paid', paid) end
end
local function keepFor(b, id, seconds)
  for _, part in ipairs(PARTS) do
    if seconds then redis.call('EXPIRE', b .. ':bc:' .. id .. part, seconds)
    else redis.call('PERSIST', b .. ':bc:' .. id .. part) end
  end
end
-- Ends the active broadcast and begins the next.
local function finish(b, id, state, now)
  redis.call('HSET', b .. ':bc:' .. id, 'state', state, 'endedAt', string.format('%.0f', now))
  redis.call('DEL', b .. ':bc:active', b .. ':paid', b .. ':open')
  keepFor(b, id, ENDED_KEPT_SECONDS)
  beginNext(b)
end
-- A recipient that was fed and not called: it comes first when the broadcast goes on.
local function putBack(b, id, chat)
  redis.call('HDEL', b .. ':open', chat)
  redis.call('SADD', b .. ':bc:' .. id .. ':left', chat)
end
-- Takes back everyone who waits: of a broadcast that stops only the calls under way are ended.
local function withdraw(b, id)
  local open = redis.call('HGETALL', b .. ':open')
  for i = 1, #open, 2 do
    if string.sub(open[i + 1], 1, 1) == 'w' then
      putBack(b, id, open[i])
      if redis.call('HGET', b .. ':where', open[i]) == 'R4' then
        redis.call('ZREM', b .. ':ready:4', open[i])
        redis.call('HDEL', b .. ':where', open[i])
      end
    end
  end
end
