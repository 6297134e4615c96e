import type { Operation } from '../gcs/operation-counts.ts';

/** What a request to Cloud Storage asks for, as its method and path say. */
export interface GcsRequest {
  /** 'other' is not about objects: a bucket is made or looked at. */
  readonly operation: Operation | 'other';
  /** Of the object, or the prefix that a listing asks for. */
  readonly name: string;
}

const OBJECT = /^\/(?:download\/)?storage\/v1\/b\/[^/]+\/o\/(.+)$/;
const OBJECTS = /^\/storage\/v1\/b\/[^/]+\/o\/?$/;
const UPLOAD = /^\/upload\/storage\/v1\/b\/[^/]+\/o\/?$/;
/** As readers ask, who know nothing of the JSON API. */
const PUBLIC = /^\/(?!storage\/|upload\/|download\/|_internal\/|b\/)[^/]+\/(.+)$/;

/** Reads a request's method and URL (the path and query of the request line). */
export function gcsRequestOf(method: string, url: string): GcsRequest {
  const { pathname, searchParams } = new URL(url, 'http://storage');
  if (UPLOAD.test(pathname)) return { operation: 'insert', name: searchParams.get('name') ?? '' };
  if (OBJECTS.test(pathname) && method === 'GET') return { operation: 'list', name: searchParams.get('prefix') ?? '' };
  const name = decodeURIComponent(OBJECT.exec(pathname)?.[1] ?? '');
  if (name !== '' && method === 'DELETE') return { operation: 'delete', name };
  if (name !== '' && method === 'GET') {
    return { operation: searchParams.get('alt') === 'media' ? 'get' : 'metadata', name };
  }
  const read = PUBLIC.exec(pathname)?.[1];
  if (read !== undefined && method === 'GET') return { operation: 'get', name: decodeURIComponent(read) };
  if (read !== undefined && method === 'HEAD') return { operation: 'metadata', name: decodeURIComponent(read) };
  return { operation: 'other', name };
}
