address <- url("{{ thing }}", headers = c(Accept = "text/turtle"))
writeLines(readLines(address, encoding = "UTF-8"))
