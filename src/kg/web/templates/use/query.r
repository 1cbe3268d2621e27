query <- '
{{ query }}
'
address <- paste0("{{ root }}sparql?format=csv&query=", URLencode(query, reserved = TRUE))
cities <- read.csv(address, encoding = "UTF-8")
print(cities)
