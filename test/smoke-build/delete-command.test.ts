import { expect, test } from "vitest";
import { deleteCommand } from "../../src/smoke-build/delete-command.ts";

test.each([
  [
    "123456789012.dkr.ecr.us-east-1.amazonaws.com/union/registrar-smoke:prod",
    "aws ecr batch-delete-image --registry-id 123456789012 --region us-east-1 --repository-name union/registrar-smoke --image-ids imageTag=prod",
  ],
  [
    "us-central1-docker.pkg.dev/acme/union/registrar-smoke:prod",
    "gcloud artifacts docker images delete us-central1-docker.pkg.dev/acme/union/registrar-smoke:prod --delete-tags --quiet",
  ],
  [
    "acme.azurecr.io/union/registrar-smoke:prod",
    "az acr repository delete --name acme --image union/registrar-smoke:prod --yes",
  ],
  [
    "ghcr.io/acme/union/registrar-smoke:prod",
    `gh api /orgs/acme/packages/container/union%2Fregistrar-smoke/versions --jq '.[] | select(.metadata.container.tags | index("prod")) | .id' | xargs -I{} gh api --method DELETE /orgs/acme/packages/container/union%2Fregistrar-smoke/versions/{}`,
  ],
  [
    "harbor.example.com:8443/union/registrar-smoke:prod",
    "regctl tag delete harbor.example.com:8443/union/registrar-smoke:prod",
  ],
  ["not an image; rm -rf /", undefined],
])("%s is deleted by its registry's own command", (image, command) => {
  expect(deleteCommand(image)).toBe(command);
});
