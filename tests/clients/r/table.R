# Reads a table of cities by the address of a query: table.R ENDPOINT QUERY MEDIA-TYPE
arguments <- commandArgs(trailingOnly = TRUE)
address <- paste0(arguments[1], "?query=", URLencode(arguments[2], reserved = TRUE))
connection <- url(address, headers = c(Accept = arguments[3]), encoding = "UTF-8")
if (arguments[3] == "text/csv") {
  cities <- read.csv(connection, encoding = "UTF-8")
} else {
  cities <- read.delim(connection, quote = "", encoding = "UTF-8")
}
bare <- function(terms) gsub('^[<"]|[>"]$', "", sub("@ko$", "", terms))
writeLines(paste(bare(cities[[1]]), bare(cities[[2]]), sep = "\t"), useBytes = TRUE)
