# Fetches a table of cities into a file and reads it: download.R ADDRESS FILE METHOD
arguments <- commandArgs(trailingOnly = TRUE)
download.file(arguments[1], arguments[2], method = arguments[3], quiet = TRUE)
cities <- read.csv(arguments[2], fileEncoding = "UTF-8-BOM", check.names = FALSE)
writeLines(enc2utf8(paste(cities[[1]], cities[[2]], sep = "\t")), useBytes = TRUE)
