moved {
  from = module.region["we"]
  to   = module.region["west"]
}
