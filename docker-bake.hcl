# Both images for both architectures, with their bills of materials and provenance: `docker buildx bake --push`. Variables come from
# the environment; `make publish` and the workflow of versions set them.

variable "REGISTRY" {
  description = "Registry and path of the images, such as registry.example.com/union"
  validation {
    condition     = REGISTRY != ""
    error_message = "Set REGISTRY to the registry of the images, such as registry.example.com/union."
  }
}

variable "VERSION" {
  description = "The version in package.json"
  validation {
    condition     = VERSION != ""
    error_message = "Set VERSION to the version in package.json."
  }
}

variable "PLATFORMS" {
  default = "linux/amd64,linux/arm64"
}

variable "SOURCE" {
  description = "Web page of the repository; findings link to its documents"
  default     = ""
}

variable "REVISION" {
  description = "Commit of the repository"
  default     = ""
}

variable "BASE" {
  description = "Image of Debian to build on, where Docker Hub's is out of reach"
  default     = ""
}

variable "AUTHORITIES" {
  description = "File in BASE with the CA certificates of package registries"
  default     = ""
}

variable "SBOM_SCANNER" {
  description = "Image that makes bills of materials, where Docker Hub's is out of reach; none: no bills of materials"
  default     = ""
}

variable "PLAIN_HTTP" {
  description = "1: the registry has no TLS"
  default     = ""
}

group "default" {
  targets = ["default-image", "flyte-image"]
}

target "common" {
  platforms = split(",", PLATFORMS)
  args = {
    VERSION     = VERSION
    BASE        = BASE == "" ? null : BASE
    AUTHORITIES = AUTHORITIES == "" ? null : AUTHORITIES
    DOCS_URL    = SOURCE == "" ? null : "${SOURCE}/blob/v${VERSION}/docs/errors.md"
    # Times of files and of the image itself.
    SOURCE_DATE_EPOCH = "0"
  }
  labels = {
    "org.opencontainers.image.source"   = SOURCE == "" ? null : SOURCE
    "org.opencontainers.image.revision" = REVISION == "" ? null : REVISION
  }
  attest = concat(
    ["type=provenance,mode=max"],
    SBOM_SCANNER == "none" ? [] : ["type=sbom${SBOM_SCANNER == "" ? "" : ",generator=${SBOM_SCANNER}"}"],
  )
  output = ["type=registry,rewrite-timestamp=true,oci-mediatypes=true${PLAIN_HTTP == "" ? "" : ",registry.insecure=true"}"]
}

target "default-image" {
  inherits = ["common"]
  tags     = ["${REGISTRY}/image-builder-registrar:${VERSION}"]
}

target "flyte-image" {
  inherits = ["common"]
  target   = "flyte"
  tags     = ["${REGISTRY}/image-builder-registrar:${VERSION}-flyte"]
}
