teardown:
	cd live && terragrunt run --all destroy --non-interactive

$(ENV)-stack: ; aws cloudformation delete-stack --stack-name $(ENV)
