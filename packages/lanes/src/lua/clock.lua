-- Redis's clock in milliseconds: the only clock that lanes and budgets go by, so that no two processes disagree.
local function clockMs()
  local t = redis.call('TIME')
  return tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
end
