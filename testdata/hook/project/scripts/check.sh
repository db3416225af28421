#!/bin/sh
# Never run `terraform destroy` here.
set -e
cd infra
terraform fmt -check
terraform validate
terraform plan -input=false -out=tfplan
echo "terraform apply tfplan is for later"
