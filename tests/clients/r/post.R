# Asks by POST over a socket, as base R has no other way to send a body: post.R ENDPOINT QUERY
arguments <- commandArgs(trailingOnly = TRUE)
parts <- regmatches(arguments[1], regexec("^http://([^:/]+):([0-9]+)(/.*)$", arguments[1]))[[1]]
body <- paste0("query=", URLencode(arguments[2], reserved = TRUE))
socket <- socketConnection(parts[2], as.integer(parts[3]), blocking = TRUE, open = "r+b", timeout = 30)
writeLines(c(
  paste("POST", parts[4], "HTTP/1.0"),
  paste0("Host: ", parts[2], ":", parts[3]),
  "Accept: text/csv",
  "Content-Type: application/x-www-form-urlencoded",
  paste("Content-Length:", nchar(body)),
  "",
  body
), socket, sep = "\r\n")
answer <- readLines(socket, encoding = "UTF-8", warn = FALSE)
close(socket)
stopifnot(grepl("^HTTP/1\\.[01] 200", answer[1]))
cities <- read.csv(text = answer[-seq_len(which(answer == "")[1])], encoding = "UTF-8")
writeLines(paste(cities$city, cities$name, sep = "\t"), useBytes = TRUE)
