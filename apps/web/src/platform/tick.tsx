import { Checkbox, type CheckboxProps } from '@mantine/core';
import { useState } from 'react';

/** A checkbox that asks the server: its tick moves with the tap and not with the answer; `refused` takes it back. */
export function Tick({
  checked,
  choose,
  ...props
}: Omit<CheckboxProps, 'checked' | 'onChange'> & {
  checked: boolean;
  choose: (checked: boolean, refused: () => void) => void;
}) {
  const [tapped, setTapped] = useState<boolean>();
  const [known, setKnown] = useState(checked);
  if (known !== checked) {
    setKnown(checked);
    setTapped(undefined);
  }
  return (
    <Checkbox
      {...props}
      checked={tapped ?? checked}
      onChange={({ currentTarget }) => {
        setTapped(currentTarget.checked);
        choose(currentTarget.checked, () => setTapped(undefined));
      }}
    />
  );
}
