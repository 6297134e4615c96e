export type { MirroredLog, UploadVerdict } from './check-upload.ts';
export { checkUpload, uploadStatus } from './check-upload.ts';
export type { EntryPackage, PackageRange } from './entry-package.ts';
export { decodePackage, encodePackage, PACKAGE_WIDTH, packageRanges, verifyPackage } from './entry-package.ts';
export type { MirrorInfo } from './mirror-info.ts';
export { formatMirrorInfo, MIRROR_INFO_CONTENT_TYPE, parseMirrorInfo } from './mirror-info.ts';
export type { DecodedUploadHeader, UploadHeader } from './upload-header.ts';
export { decodeUploadHeader, encodeUploadHeader } from './upload-header.ts';
