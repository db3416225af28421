moved {
  from = aws_s3_bucket.receipts
  to   = module.receipts.aws_s3_bucket.this
}
moved {
  from = aws_s3_bucket_versioning.receipts
  to   = module.receipts.aws_s3_bucket_versioning.this
}
