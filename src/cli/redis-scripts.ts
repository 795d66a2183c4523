/**
 * What is done to a log inside Redis: read, compare and append, each whole or not at all. A log is a list of
 * entries, `<stamp> <mark> <event>`; beside it stand where it begins, its last stamp and its last mark.
 *
 * @module
 */

/** How many entries one answer carries. */
const PAGE = 5_000

/**
 * A place is a position and the mark of the entry before it. A mark is the microsecond of the appending, so
 * that a log that was flushed, or came back from an older copy, is told from the one that was read before.
 * Where what stands beside a log was evicted, its last entry tells as much.
 */
const HEAD = `
local time = redis.call('TIME')
local micros = time[1] * 1000000 + time[2]
local clock = math.floor(micros / 1000)
local head = redis.call('HMGET', KEYS[2], 'base', 'stamp', 'mark')
local length = redis.call('LLEN', KEYS[1])
local base = length > 0 and tonumber(head[1] or '0') or 0
local last, mark = head[2] or '0', length > 0 and head[3] or ''
if length > 0 and mark == '' then
  last, mark = string.match(redis.call('LINDEX', KEYS[1], -1), '^(%d+) (%d+)')
end
local stamp = math.max(clock, tonumber(last))
local position = tonumber(ARGV[1])
local function text(number) return string.format('%.0f', number) end

local function isKnown()
  if position == 0 then return base == 0 end
  if position <= base or position > base + length then return false end
  if position == base + length then return mark == ARGV[2] end
  local entry = redis.call('LINDEX', KEYS[1], position - base - 1)
  return string.match(entry, '^%d+ (%d+)') == ARGV[2]
end

local function slice()
  local known = isKnown()
  local from = known and position or base
  local entries = redis.call('LRANGE', KEYS[1], from - base, from - base + ${PAGE - 1})
  return { clock, stamp, known and 0 or 1, from, base + length, length, entries }
end
`

/** Each takes the keys of the log and of what stands beside it, then position and mark. */
export const LOG_SCRIPTS = {
  standinRead: `${HEAD}
return slice()
`,
  standinAppend: `${HEAD}
local wished = tonumber(ARGV[3])
if position ~= base + length or not isKnown() or stamp > wished then return { 0, slice() } end
for index = 4, #ARGV do
  redis.call('RPUSH', KEYS[1], text(wished) .. ' ' .. text(micros) .. ' ' .. ARGV[index])
  mark = text(micros)
end
redis.call('HSET', KEYS[2], 'base', text(base), 'stamp', text(wished), 'mark', mark)
return { 1, clock, position + #ARGV - 3, mark, length + #ARGV - 3 }
`,
  standinCompact: `${HEAD}
if position <= base + 1 or not isKnown() then return 0 end
redis.call('LTRIM', KEYS[1], position - base, -1)
redis.call('LPUSH', KEYS[1], ARGV[3] .. ' ' .. ARGV[2] .. ' ' .. ARGV[4])
redis.call('HSET', KEYS[2], 'base', text(position - 1))
return 1
`,
}

/**
 * Tells what the replicas of one Redis serve: how their sandboxes begin, which only the first one says, and a
 * digest of each API, which whoever comes later replaces. Gives back both as they were found.
 */
export const SERVED_SCRIPT = `
redis.call('HSETNX', KEYS[1], 'beginning', ARGV[1])
local beginning = redis.call('HGET', KEYS[1], 'beginning')
local before = {}
for index = 2, #ARGV, 2 do
  local name = 'api ' .. ARGV[index]
  before[#before + 1] = redis.call('HGET', KEYS[1], name) or ''
  if beginning == ARGV[1] then redis.call('HSET', KEYS[1], name, ARGV[index + 1]) end
end
return { beginning, before }
`
