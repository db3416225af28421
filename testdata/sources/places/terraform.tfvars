# Where everything lives.
cidr   = "10.1.0.0/16"
copies = 2
