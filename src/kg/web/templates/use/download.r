download.file("{{ root }}downloads/exchanges.csv", "exchanges.csv", mode = "wb")
exchanges <- read.csv("exchanges.csv", fileEncoding = "UTF-8-BOM")
