moved {
  from = module.cell[0]
  to   = module.cell["north"]
}
moved {
  from = module.cell[1]
  to   = module.cell["south"]
}
