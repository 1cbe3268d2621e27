-- Each request another target: the lines of a file in turn, each with a number that no other request has.
-- Arguments: the file of targets, a word that no other run of wrk begins its numbers with.
dofile("report.lua")

local threads = 0
setup = function(thread)
  threads = threads + 1
  thread:set("thread", threads)
end

init = function(args)
  heads, tails, count = {}, {}, 0
  for line in io.lines(args[1]) do
    local from, to = line:find("@NUMBER@", 1, true)
    heads[#heads + 1] = "GET " .. line:sub(1, from - 1) .. args[2] .. "t" .. thread .. "n"
    local fields = " HTTP/1.1\r\nHost: " .. wrk.headers["Host"] .. "\r\nAccept: " .. wrk.headers["Accept"]
    tails[#tails + 1] = line:sub(to + 1) .. fields .. "\r\n\r\n"
  end
end

request = function()
  count = count + 1
  local which = count % #heads + 1
  return heads[which] .. count .. tails[which]
end
