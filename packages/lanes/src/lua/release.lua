#!lua flags=allow-oom
-- Ends a pump's lease: always when it stops, otherwise only where nothing is left to do.
-- KEYS  1 the bot's base
-- ARGV  1 token of the pump  2 '1' to release although work is left
-- Returns 1 released, 0 there is work (or the lease is another's).
-- Race closed: a chat readied while the pump decides to end keeps it going, or finds no pump and wakes one.
local b = KEYS[1]
if redis.call('GET', b .. ':pump') ~= ARGV[1] then return 0 end
if ARGV[2] ~= '1' and redis.call('HLEN', b .. ':where') > 0 then return 0 end
redis.call('DEL', b .. ':pump')
return 1
