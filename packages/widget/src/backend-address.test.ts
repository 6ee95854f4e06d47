import { expect } from '@open-wc/testing';
import { parseBackend, parseExchange } from './backend-address.ts';

describe('the backend’s address', () => {
  it('is a base that a mount path belongs to', () => {
    expect(parseBackend('https://connect.example').href).to.equal('https://connect.example/');
    expect(parseBackend('https://partner.example/calendar').href).to.equal('https://partner.example/calendar/');
    expect(parseBackend('http://localhost:4000/a/').href).to.equal('http://localhost:4000/a/');
  });

  for (const value of [
    'javascript:alert(1)',
    'data:text/html,x',
    '//evil.example',
    '/relative',
    'connect.example',
    'https://user@connect.example',
    'https://u:p@connect.example',
    'https://connect.example/?a',
    'https://connect.example/#a',
    'ftp://connect.example',
    'blob:https://connect.example/1',
  ]) {
    it(`is refused as ${value}`, () => {
      expect(() => parseBackend(value))
        .to.throw()
        .with.property('code', 'backend_invalid');
    });
  }

  it('is required', () => {
    for (const value of [undefined, null, ''])
      expect(() => parseBackend(value))
        .to.throw()
        .with.property('code', 'backend_missing');
  });
});

describe('the address that gets the code', () => {
  it('is the backend’s where none is given, and relative to the page otherwise', () => {
    expect(parseExchange(undefined)).to.equal(undefined);
    expect(parseExchange('/exchange')!.href).to.equal(`${location.origin}/exchange`);
    expect(() => parseExchange('javascript:alert(1)'))
      .to.throw()
      .with.property('code', 'exchange_invalid');
  });
});
