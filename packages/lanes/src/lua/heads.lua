-- Tells the class of the head of each outbox.
-- KEYS  outboxes
-- Returns one class ('' where empty) each.
-- Race closed: none; a class that changes meanwhile is told to the pump by whoever changes it.
-- @include push.lua
local classes = {}
for i = 1, #KEYS do classes[i] = headClass(KEYS[i]) end
return classes
