moved {
  from = cloudflare_zone.main
  to   = cloudflare_zone.acme
}
