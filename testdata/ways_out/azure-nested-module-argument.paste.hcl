# in module.platform
module "cluster" {
  dns_prefix = "shop"
}
